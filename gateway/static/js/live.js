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

// What changed beyond the rows that are looked at is only told, and shown when it is asked for: nothing moves.
// Rows are compared with what they were when the list was read, for those that changed here are seen already.
let readRegion = null;
let readVersions = new Map();
let stands = null;
let telling = 0;
const versionOf = stamp => stamp.slice(0, stamp.lastIndexOf('-'));

function lookAtRegion() {
  const region = $('#bills-region');
  if (region === readRegion) return;
  readRegion = region;
  readVersions = new Map($$('[data-live]', region ?? document).map(row => [row.dataset.live, versionOf(row.dataset.stamp)]));
  stands = null;
}
function changedElsewhere() {
  const was = JSON.parse(readRegion.dataset.standing);
  const moved = Object.keys(was).map(name => [name, stands[name] - was[name]]).filter(([, by]) => by);
  const bills = moved.filter(([name]) => !name.endsWith('_minor')).map(([, by]) => by);
  const sum = numbers => numbers.reduce((all, each) => all + Math.abs(each), 0);
  const most = Math.max(sum(bills.filter(by => by > 0)), sum(bills.filter(by => by < 0)), moved.length ? 1 : 0);
  const here = $$('tr[data-live]').filter(row => readVersions.get(row.dataset.live) !== versionOf(row.dataset.stamp));
  return most - here.length;
}
function tellNews() {
  const news = $('#bills-news');
  if (!news || !stands) return;
  const bills = changedElsewhere();
  news.hidden = bills < 1;
  const text = bills === 1 ? news.dataset.one : news.dataset.many;
  news.textContent = bills < 1 ? '' : text.replace(/\d+/, inGroups(bills, news.dataset.lakhs === 'true'));
}
// What was done from here is answered a moment later: news of it would be none.
function hearStanding(event) {
  lookAtRegion();
  stands = JSON.parse(event.data);
  clearTimeout(telling);
  telling = setTimeout(tellNews, 1500);
}
act['show-news'] = () =>
  htmx.ajax('GET', location.pathname + location.search, { target: '#bills-region', swap: 'outerHTML' });

function addressOfStream() {
  if (document.hidden) return '';
  const ids = $$('[data-live]').map(bill => inShort(bill.dataset.live)).join('.');
  const filter = $('#bills-region') && $('#bills-form [name=filter]');
  if (!ids && !filter) return '';
  return `/bills/changes?ids=${ids}${filter ? `&view=${encodeURIComponent(filter.value.replace(/^\?/, ''))}` : ''}`;
}
function follow() {
  lookAtRegion();
  tellNews();
  const address = addressOfStream();
  if (address === followed && (stream || !address)) return;
  stream?.close();
  stream = null;
  followed = address;
  if (!address) return;
  stream = new EventSource(address);
  stream.onmessage = hear;
  stream.addEventListener('standing', hearStanding);
  // A refusal, such as of a session that has ended, is not asked for again and again.
  stream.onerror = () => { if (stream?.readyState === EventSource.CLOSED) stream = null; };
}
document.addEventListener('visibilitychange', follow);
document.addEventListener('htmx:afterSettle', follow);
addEventListener('pagehide', () => { stream?.close(); stream = null; followed = ''; });
addEventListener('pageshow', follow);
follow();
