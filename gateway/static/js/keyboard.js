// Single letters work while a row has the focus and no menu is open; all of them can be turned off (WCAG 2.1.4).
const typing = target => target.matches('input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]');

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $('dialog[open], details.desk-menu[open]')) return;
  if (event.key === 'Escape') {
    if ($('#drawer')?.firstElementChild) act['close-drawer']();
    else if (anySelected()) clearSelection();
    return;
  }
  const listed = event.target.closest('.table-hover > tbody > tr');
  const row = event.target.closest('.bill-row');
  if (event.key === 'Enter' && listed === event.target) { opening(listed)?.click(); return; }
  if (document.body.dataset.shortcuts === 'off') return;
  if (event.key === '/' && $('#q')) { event.preventDefault(); $('#q').focus(); }
  if (event.key === '?') { remember(document.activeElement); $('#shortcuts').showModal(); }
  if (event.key === 'j' || event.key === 'k') {
    const rows = listedRows();
    const next = rows[listed ? rows.indexOf(listed) + (event.key === 'j' ? 1 : -1) : 0];
    next?.setAttribute('tabindex', '-1');
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }
  if (event.key === 'd') (row ? $('.row-pdf', row) : $('.bill-pdf'))?.click();
  if (!row) return;
  if (event.key === 'x') { $('input[name=bill_ids]', row).click(); anchor = row; }
  if (event.key === 'X') chooseRange(row);
  if (event.key === 'm') $('a.row-pay', row)?.click();
  if (event.key === 'l') $('.link-state', row)?.click();
});
