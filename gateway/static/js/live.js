// Bills that somebody else changes show it while they are looked at. The stream names them and how they stand;
// what stands otherwise here is fetched anew. It is closed while nobody looks, for a browser opens few of them.
let stream = null;
let followed = '';

function inShort(id) {
  const bytes = id.replaceAll('-', '').match(/../g).map(pair => parseInt(pair, 16));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
function fetchAnew(bill) {
  // What is being recorded from here asks by itself.
  if ($('.row-recording', bill)) return;
  const address = `/bills/${bill.dataset.live}/${bill.matches('tr') ? 'row' : 'content'}`;
  htmx.ajax('GET', address, { source: bill, target: bill, swap: 'none' });
}
function hear(event) {
  const stamps = JSON.parse(event.data);
  for (const bill of $$('[data-live]')) {
    const stamp = stamps[bill.dataset.live];
    if (stamp && stamp !== bill.dataset.stamp) fetchAnew(bill);
  }
}
function follow() {
  const ids = document.hidden ? '' : $$('[data-live]').map(bill => inShort(bill.dataset.live)).join('.');
  if (ids === followed && (stream || !ids)) return;
  stream?.close();
  stream = null;
  followed = ids;
  if (!ids) return;
  stream = new EventSource(`/bills/changes?ids=${ids}`);
  stream.onmessage = hear;
  // A refusal, such as of a session that has ended, is not asked for again and again.
  stream.onerror = () => { if (stream?.readyState === EventSource.CLOSED) stream = null; };
}
document.addEventListener('visibilitychange', follow);
document.addEventListener('htmx:afterSettle', follow);
addEventListener('pagehide', () => { stream?.close(); stream = null; followed = ''; });
addEventListener('pageshow', follow);
follow();
