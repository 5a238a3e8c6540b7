// Which bills are chosen: by box, by page, by range, or all that match.
let anchor = null;
const boxes = () => $$('#bills-form input[name=bill_ids]');

function showSelection() {
  const all = boxes();
  const chosen = all.filter(box => box.checked);
  all.forEach(box => box.closest('tr').classList.toggle('is-selected', box.checked));
  const page = $('[data-desk=page-check]');
  if (page) {
    page.checked = chosen.length > 0 && chosen.length === all.length;
    page.indeterminate = chosen.length > 0 && !page.checked;
  }
  $('#bills-toolbar')?.classList.toggle('has-selection', chosen.length > 0);
  const count = $('[data-desk-count]');
  if (!count) return;
  count.textContent = chosen.length;
  $('#bills-form [name=selection]').value = 'bills';
  $('[data-desk=select-all]').hidden = false;
}

function choose(chosen) {
  boxes().forEach(box => { box.checked = chosen; });
  showSelection();
}

act['select-all'] = button => {
  choose(true);
  $('[data-desk-count]').textContent = button.dataset.all;
  $('#bills-form [name=selection]').value = 'filter';
  button.hidden = true;
};
act.clear = () => choose(false);

document.addEventListener('change', event => {
  if (event.target.dataset.desk === 'page-check') choose(event.target.checked);
  if (event.target.name === 'bill_ids') { anchor = event.target.closest('tr'); showSelection(); }
});
document.addEventListener('htmx:afterSettle', showSelection);

function chooseRange(row) {
  const rows = $$('.bill-row');
  const [from, to] = [rows.indexOf(anchor?.isConnected ? anchor : row), rows.indexOf(row)].sort((a, b) => a - b);
  rows.slice(from, to + 1).forEach(each => { $('input[name=bill_ids]', each).checked = true; });
  showSelection();
}
