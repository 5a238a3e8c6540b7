// What the browser has to say when the server cannot. Texts come from templates, so they are translated.
function say(name) {
  const note = $(`#message-${name}`);
  if (!note) return null;
  const toasts = $('#toasts');
  $$(`[data-desk-message=${name}]`).forEach(earlier => earlier.remove());
  const copy = note.content.firstElementChild.cloneNode(true);
  copy.dataset.deskMessage = name;
  (document.querySelector('dialog[open]') ?? toasts).append(copy);
  return copy;
}

function keepOldRows(reference) {
  const toolbar = $('#bills-toolbar');
  if (!toolbar || $('.toolbar-problem', toolbar)) return;
  const bar = $('#message-unrefreshed').content.firstElementChild.cloneNode(true);
  $('[data-desk-as-of]', bar).textContent = $('#bills-region').dataset.asOf;
  if (reference) {
    $('[data-desk-reference]', bar).textContent = reference;
    $('.problem-ref', bar).hidden = false;
  }
  $$(':scope > div', toolbar).forEach(part => { part.hidden = true; });
  toolbar.prepend(bar);
}
act.refresh = () => htmx.trigger('#filters', 'refilter');

const MESSAGES = { 401: 'signed-out', 403: 'forbidden', 404: 'gone', 429: 'busy' };
document.addEventListener('htmx:responseError', event => {
  const { xhr, target } = event.detail;
  if (xhr.status === 403 && xhr.getResponseHeader('X-Problem') === 'csrf') return newToken();
  if (target?.id === 'bills-region' && xhr.status >= 500) return keepOldRows(xhr.getResponseHeader('X-Request-Id'));
  return say(MESSAGES[xhr.status] ?? 'failed');
});
const unreachable = event => (event.detail.target?.id === 'bills-region' ? keepOldRows('') : say('offline'));
document.addEventListener('htmx:sendError', unreachable);
document.addEventListener('htmx:timeout', unreachable);

// Somebody who signed in again elsewhere has a new token; what was typed stays, and the next try works.
async function newToken() {
  const answer = await fetch('/session-token', { headers: { 'HX-Request': 'true' } });
  if (!answer.ok) return say('signed-out');
  const token = await answer.text();
  document.body.setAttribute('hx-headers', JSON.stringify({ 'X-CSRF-Token': token }));
  $$('[name=csrf_token]').forEach(field => { field.value = token; });
  $('[data-desk-message=signed-out]')?.remove();
  return say('failed');
}
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && $('[data-desk-message=signed-out]')) {
    fetch('/session-token', { headers: { 'HX-Request': 'true' } }).then(answer => {
      if (answer.ok) newToken().then(() => $('[data-desk-message=failed]')?.remove());
    });
  }
});

// An open menu of the browser's own filters is no reason to lose the address: chips and sort belong to the form.
document.addEventListener('htmx:configRequest', event => {
  if (event.detail.elt.id !== 'filters') return;
  const { parameters } = event.detail;
  for (const name of [...parameters.keys()]) if (parameters.getAll(name).every(value => value === '') && name !== 'period') parameters.delete(name);
});

// A bulk action that has ended changed bills: the list beneath its drawer is read again.
document.addEventListener('htmx:sseClose', () => { if ($('#filters')) htmx.trigger('#filters', 'refilter'); });
