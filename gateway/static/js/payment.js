// The mark-as-paid dialog says what will follow, while the amount is typed; what it cannot read is not sent.
function written(minor, payment) {
  const places = Number(payment.dataset.places);
  const text = String(minor).padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  return `${payment.dataset.currency} ${inGroups(whole, payment.dataset.lakh === 'true')}${places ? '.' + text.slice(-places) : ''}`;
}

function unreadable(read, payment) {
  return JSON.parse(payment.dataset.unreadable)[read.why]
    .replace(/%\((text|suggestion)\)s/g, (_place, name) => read[name]);
}

function showHint(payment) {
  const field = $('[name=amount]', payment);
  const read = readAmount(field.value, payment.dataset.currency, Number(payment.dataset.places));
  const balance = Number(payment.dataset.balance);
  const hint = $('[data-desk-hint]', payment);
  const submit = $('[data-desk-submit]', payment.closest('form'));
  const amount = read.minor ?? null;
  const kind = amount === null ? 'none' : amount === balance ? 'settled' : amount < balance ? 'partial' : 'credit';
  hint.dataset.kind = kind;
  const rest = written(Math.abs(balance - (amount ?? 0)), payment);
  const text = amount === null && field.value.trim() ? unreadable(read, payment) : payment.dataset[kind].replace('{amount}', rest);
  $('[data-desk-hint-text]', hint).textContent = text;
  submit.disabled = amount === null;
  submit.textContent = amount === null ? payment.dataset.record : payment.dataset.recordAmount.replace('{amount}', written(amount, payment));
}

document.addEventListener('input', event => {
  const payment = event.target.closest('[data-desk-payment]');
  if (payment && event.target.name === 'amount') showHint(payment);
});
act['full-balance'] = button => {
  const payment = button.closest('[data-desk-payment]');
  const amount = $('[name=amount]', payment);
  amount.value = button.dataset.amount;
  showHint(payment);
  amount.focus();
};
document.addEventListener('htmx:load', event => $$('[data-desk-payment]', event.detail.elt).forEach(showHint));
