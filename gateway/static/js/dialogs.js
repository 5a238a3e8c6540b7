// One native dialog at a time, and the focus goes back to where it came from.
let cameFrom = null;

const remember = element => {
  if (!element || element === document.body || element.closest('#dialog')) return;
  const menu = element.closest('details.desk-menu');
  cameFrom = { element: menu ? $('summary', menu) : element, row: element.closest('.bill-row')?.id };
};
function goBack() {
  if (!cameFrom) return;
  const { element, row } = cameFrom;
  if (element.isConnected) element.focus();
  else document.getElementById(element.id || row)?.focus();
}

act.close = (button, event) => {
  const open = button.closest('dialog');
  if (!open) return;
  event.preventDefault();
  open.close();
};
act.shortcuts = button => { remember(button); closeMenus(null); $('#shortcuts').showModal(); };
// Behind an undo that was begun on its action's own page, that page shows how it was before.
act['close-drawer'] = () => { if ($('#bulk-items')) location.reload(); $('#drawer').replaceChildren(); goBack(); };
// While a note stands at the foot, the page can be scrolled to above it.
const notes = $('#toasts');
const makeRoom = () => document.documentElement.classList.toggle('has-toasts', notes.childElementCount > 0);
if (notes) new MutationObserver(makeRoom).observe(notes, { childList: true });
act['close-toast'] = button => button.closest('.toast').remove();

document.addEventListener('htmx:beforeRequest', event => {
  if (event.detail.target?.id === 'dialog' && !event.detail.elt.closest('#dialog')) remember(event.detail.elt);
  // Several operators may be chosen, one after another: their menu stays open while the list follows. What asks
  // by itself every few seconds closes no menu either.
  if (!event.detail.elt.matches('#filters, #installation')) closeMenus(null);
  event.detail.target?.setAttribute?.('aria-busy', 'true');
});
document.addEventListener('htmx:afterRequest', event => event.detail.target?.removeAttribute?.('aria-busy'));

function openDialog() {
  const dialog = $('#dialog dialog[data-desk-open]:not([open])');
  if (!dialog) return;
  dialog.showModal();
  // Without a field that asks for it the first one takes the focus, not the cross above it.
  if (!$('[autofocus]', dialog)) $('.modal-body :is(input:not([type=hidden]), select, textarea)', dialog)?.focus();
  $('.is-invalid', dialog)?.focus();
  $('[autofocus]', dialog)?.select?.();
  dialog.addEventListener('close', () => { $('#dialog').replaceChildren(); goBack(); });
}
document.addEventListener('htmx:afterSettle', event => {
  if (event.detail.target?.id === 'dialog') {
    openDialog();
    if (!$('#dialog dialog')) goBack();
  }
});

// htmx reads what it fetched as a browser without scripts would: what stands in a noscript would be a real button,
// and the first one of its form, which Enter presses.
document.addEventListener('htmx:load', event => {
  const fresh = event.detail.elt;
  (fresh.matches?.('noscript') ? [fresh] : $$('noscript', fresh)).forEach(each => each.remove());
});

// A row that changed is tinted for a moment; notes of success go by themselves, bad news stays.
document.addEventListener('htmx:load', event => {
  const fresh = event.detail.elt;
  const rows = fresh.matches?.('.is-changed') ? [fresh] : $$('.is-changed', fresh);
  rows.forEach(row => setTimeout(() => row.classList.remove('is-changed'), 4000));
  const toasts = fresh.matches?.('.toast') ? [fresh] : $$('.toast', fresh);
  toasts.filter(toast => toast.dataset.deskToast === 'ok').forEach(leave);
});
function leave(toast) {
  setTimeout(() => (toast.matches(':hover, :focus-within') ? leave(toast) : toast.remove()), 10000);
}

act.copy = button => {
  const field = $(button.dataset.copy);
  field.select();
  navigator.clipboard?.writeText(field.value).then(() => { button.lastChild.textContent = button.dataset.copied; });
};
act.print = () => print();

// A download that was just asked for begins by itself; the link is there for whoever has no script.
document.addEventListener('htmx:load', event => {
  const fresh = event.detail.elt;
  (fresh.matches?.('[data-desk-fetch]') ? fresh : $('[data-desk-fetch]', fresh))?.click();
});
