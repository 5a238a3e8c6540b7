// The mark-as-paid dialog says what will follow, while the amount is typed.
const digitsOf = text => text.replace(/[০-৯]/g, digit => '০১২৩৪৫৬৭৮৯'.indexOf(digit)).replace(/[\s,]/g, '');

function minorOf(text, places) {
  const found = /^(\d*)(?:\.(\d*))?$/.exec(digitsOf(text));
  if (!found || !(found[1] || found[2]) || (found[2] ?? '').length > places) return null;
  const minor = Number((found[1] || '0') + (found[2] ?? '').padEnd(places, '0'));
  return Number.isSafeInteger(minor) && minor > 0 ? minor : null;
}

function written(minor, form) {
  const places = Number(form.dataset.places);
  const text = String(minor).padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const grouped = form.dataset.lakh === 'true'
    ? whole.replace(/\B(?=(\d\d)+(\d)(?!\d))/g, ',')
    : whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${form.dataset.currency} ${grouped}${places ? '.' + text.slice(-places) : ''}`;
}

function showHint(form) {
  const amount = minorOf($('[name=amount]', form).value, Number(form.dataset.places));
  const balance = Number(form.dataset.balance);
  const hint = $('[data-desk-hint]', form);
  const kind = amount === null ? 'none' : amount === balance ? 'settled' : amount < balance ? 'partial' : 'credit';
  hint.dataset.kind = kind;
  const rest = written(Math.abs(balance - (amount ?? 0)), form);
  $('[data-desk-hint-text]', hint).textContent = form.dataset[kind].replace('{amount}', rest);
  const submit = $('[data-desk-submit]', form);
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
