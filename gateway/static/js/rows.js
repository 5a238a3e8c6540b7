// A row of a list opens what its first link opens: by a click anywhere that nothing else is meant by, and by Enter.
const listedRows = () => $$('.table-hover > tbody > tr').filter(opening);
const opening = row => $$('a[href]', row).find(link => !link.hasAttribute('hx-get') && !link.matches('[download], .receipt-pdf, .row-pdf'));
const MEANT_ITSELF = 'a, button, input, select, textarea, label, summary, details, [contenteditable], dialog';

function openRow(event, elsewhere) {
  const row = event.target.closest?.('.table-hover > tbody > tr');
  const link = row && !event.target.closest(MEANT_ITSELF) && opening(row);
  // Text that was just selected is to be copied.
  if (!link || !getSelection().isCollapsed) return;
  event.preventDefault();
  if (elsewhere) open(link.href, '_blank', 'noopener');
  else link.click();
}
document.addEventListener('click', event => openRow(event, event.ctrlKey || event.metaKey || event.shiftKey));
document.addEventListener('auxclick', event => { if (event.button === 1) openRow(event, true); });
