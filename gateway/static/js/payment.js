// The mark-as-paid dialog says what will follow, while the amount is typed; what it cannot read is not sent.
function written(minor, form) {
  const places = Number(form.dataset.places);
  const text = String(minor).padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const grouped = form.dataset.lakh === 'true'
    ? whole.replace(/\B(?=(\d\d)+(\d)(?!\d))/g, ',')
    : whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${form.dataset.currency} ${grouped}${places ? '.' + text.slice(-places) : ''}`;
}

function unreadable(read, form) {
  return JSON.parse(form.dataset.unreadable)[read.why]
    .replace(/%\((text|suggestion)\)s/g, (_place, name) => read[name]);
}

function showHint(form) {
  const field = $('[name=amount]', form);
  const read = readAmount(field.value, form.dataset.currency, Number(form.dataset.places));
  const balance = Number(form.dataset.balance);
  const hint = $('[data-desk-hint]', form);
  const submit = $('[data-desk-submit]', form);
  const amount = read.minor ?? null;
  const kind = amount === null ? 'none' : amount === balance ? 'settled' : amount < balance ? 'partial' : 'credit';
  hint.dataset.kind = kind;
  const rest = written(Math.abs(balance - (amount ?? 0)), form);
  const text = amount === null && field.value.trim() ? unreadable(read, form) : form.dataset[kind].replace('{amount}', rest);
  $('[data-desk-hint-text]', hint).textContent = text;
  submit.disabled = amount === null;
  submit.textContent = amount === null ? form.dataset.record : form.dataset.recordAmount.replace('{amount}', written(amount, form));
}

document.addEventListener('input', event => {
  const form = event.target.closest('form[data-desk-payment]');
  if (form && event.target.name === 'amount') showHint(form);
});
act['full-balance'] = button => {
  const amount = $('[name=amount]', button.form);
  amount.value = amount.dataset.balance;
  showHint(button.form);
  amount.focus();
};
document.addEventListener('htmx:load', event => $$('form[data-desk-payment]', event.detail.elt).forEach(showHint));
