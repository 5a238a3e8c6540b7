// Which bills are chosen: by box, by page, by range, or all that match. They stay chosen on other pages of the
// list, behind dialogs and however it is sorted; another filter is another list.
let anchor = null;
const selected = { ids: new Set(), all: false, filter: null, address: '' };
const boxes = () => $$('#bills-form input[type=checkbox][name=bill_ids]');
const anySelected = () => selected.all || selected.ids.size > 0;

function showSelection() {
  const form = $('#bills-form');
  if (!form) return;
  const all = boxes();
  all.forEach(box => {
    box.checked = selected.all || selected.ids.has(box.value);
    box.closest('tr').classList.toggle('is-selected', box.checked);
  });
  const here = all.filter(box => box.checked);
  const page = $('[data-desk=page-check]');
  if (page) {
    page.checked = here.length > 0 && here.length === all.length;
    page.indeterminate = here.length > 0 && !page.checked;
  }
  $('#bills-toolbar').classList.toggle('has-selection', anySelected());
  const button = $('[data-desk=select-all]', form);
  $('[data-desk-count]', form).textContent = selected.all ? button.dataset.all : selected.ids.size;
  $('[name=selection]', form).value = selected.all ? 'filter' : 'bills';
  button.hidden = selected.all;
  sendThoseElsewhere(form, new Set(all.map(box => box.value)));
}

// The boxes of other pages are not there to be sent.
function sendThoseElsewhere(form, shown) {
  $$('input[type=hidden][name=bill_ids]', form).forEach(field => field.remove());
  if (selected.all) return;
  for (const id of selected.ids) {
    if (shown.has(id)) continue;
    const field = document.createElement('input');
    Object.assign(field, { type: 'hidden', name: 'bill_ids', value: id });
    form.append(field);
  }
}

function takeBoxes() {
  if (selected.all) selected.ids.clear();
  selected.all = false;
  boxes().forEach(box => (box.checked ? selected.ids.add(box.value) : selected.ids.delete(box.value)));
  showSelection();
}
function choose(chosen) {
  boxes().forEach(box => { box.checked = chosen; });
  takeBoxes();
}
function clearSelection() {
  selected.ids.clear();
  selected.all = false;
  showSelection();
}

act['select-all'] = () => { selected.all = true; selected.ids.clear(); showSelection(); };
act.clear = clearSelection;

document.addEventListener('change', event => {
  if (event.target.dataset.desk === 'page-check') choose(event.target.checked);
  if (event.target.name === 'bill_ids') { anchor = event.target.closest('tr'); takeBoxes(); }
});

// A click with Shift chooses from the box before it on; the browser has turned this box over by then.
document.addEventListener('click', event => {
  if (event.shiftKey && event.target.name === 'bill_ids' && event.target.checked) {
    chooseRange(event.target.closest('tr'));
  }
});

function chooseRange(row) {
  const rows = $$('.bill-row');
  const [from, to] = [rows.indexOf(anchor?.isConnected ? anchor : row), rows.indexOf(row)].sort((a, b) => a - b);
  rows.slice(from, to + 1).forEach(each => { $('input[name=bill_ids]', each).checked = true; });
  takeBoxes();
}

function filterShown() {
  const filter = new URLSearchParams($('#bills-form [name=filter]').value);
  filter.delete('sort');
  return filter.toString();
}
// A selection belongs to the list that it was made in. It is never dropped in silence, and can be had back.
const KEPT = 'desk-selection';
const keep = why => sessionStorage.setItem(KEPT, JSON.stringify({ ...selected, ids: [...selected.ids], ...why }));
// Whoever goes back to the list, or reads it anew, finds chosen what was.
addEventListener('pagehide', () => { if (anySelected()) keep({ left: true }); });
// A page that comes back as it was left has its choice still.
addEventListener('pageshow', event => { if (event.persisted) sessionStorage.removeItem(KEPT); });
const isReturn = performance.getEntriesByType('navigation')[0]?.type !== 'navigate';
function followTheList() {
  if (!$('#bills-form')) return;
  const filter = filterShown();
  if (selected.filter !== null && selected.filter !== filter && anySelected()) {
    const count = $('[data-desk-selected]', say('selection-cleared'));
    count.textContent = selected.all ? selected.allText : selected.ids.size;
    keep({});
    selected.ids.clear();
    selected.all = false;
  }
  Object.assign(selected, { filter, address: location.pathname + location.search });
  selected.allText = $('[data-desk=select-all]').dataset.all;
  showSelection();
}
act['select-again'] = () => {
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  sessionStorage.setItem(KEPT, JSON.stringify({ ...kept, again: true }));
  location.assign(kept.address);
};
function selectAgain() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  if (!(kept?.again || kept?.left) || !$('#bills-form')) return;
  sessionStorage.removeItem(KEPT);
  if (kept.filter !== filterShown() || !(kept.again || isReturn)) return;
  selected.all = kept.all;
  selected.ids = new Set(kept.ids);
}

document.addEventListener('htmx:afterSettle', followTheList);
// What was chosen is being done: the next choice is another one.
document.addEventListener('htmx:afterRequest', event => {
  const { requestConfig, xhr } = event.detail;
  if (['/bulk-actions', '/bulk-actions/links'].includes(requestConfig?.path) && xhr.status === 200) clearSelection();
});
selectAgain();
followTheList();
