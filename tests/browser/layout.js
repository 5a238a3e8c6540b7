// Returns what lies wrong on the page as it is: a list of sentences, empty where all is well.
() => {
  const wrong = [];
  const wide = document.documentElement.clientWidth;
  const name = element => (element.getAttribute('aria-label') || element.textContent || element.name || element.id || element.className)
    .toString().trim().replace(/\s+/g, ' ').slice(0, 60);
  const isShown = element => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })
    && !element.closest('.visually-hidden, .visually-hidden-focusable, [hidden]');
  const scrollsInside = element => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      const across = getComputedStyle(above).overflowX;
      if ((across === 'auto' || across === 'scroll') && above.scrollWidth > above.clientWidth + 1) return above;
    }
    return null;
  };
  // A link that wraps has a rectangle for each of its lines; of what scrolls inside something, that shows which is there.
  const shownRects = element => {
    const edge = scrollsInside(element)?.getBoundingClientRect();
    return [...element.getClientRects()].map(({ left, right, top, bottom }) => ({
      left: Math.max(left, edge?.left ?? left), right: Math.min(right, edge?.right ?? right), top, bottom }));
  };
  const rectsMeet = (one, other) => shownRects(one).some(a => shownRects(other).some(b =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3));
  const runsOut = (element, box) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const inside = range.getBoundingClientRect();
    return inside.left < box.left - 1 || inside.right > box.right + 1;
  };
  if (document.documentElement.scrollWidth > wide + 1) {
    const widest = [...document.querySelectorAll('body *')].filter(element => isShown(element) && !scrollsInside(element))
      .sort((one, other) => other.getBoundingClientRect().right - one.getBoundingClientRect().right)[0];
    wrong.push(`scrolls sideways by ${document.documentElement.scrollWidth - wide}: ${widest?.tagName} ${widest?.className} ${name(widest)}`);
  }
  const controls = [...document.querySelectorAll('a[href], button, select, summary, input:not([type=hidden]), textarea')]
    .filter(element => isShown(element) && element.getBoundingClientRect().width > 1 && !element.classList.contains('btn-check'));
  const places = controls.map(element => ({ element, box: element.getBoundingClientRect() }));
  for (const { element, box } of places) {
    if ((box.right > wide + 1 || box.left < -1) && !scrollsInside(element)) wrong.push(`off the screen: ${name(element)}`);
    const style = getComputedStyle(element);
    const isClipped = element.matches('.btn, .btn-sm, summary, select') && element.scrollWidth > element.clientWidth + 2 && style.overflowX !== 'visible';
    const isShortened = element.querySelector('.text-truncate, .filter-value');
    if (isClipped && !isShortened) wrong.push(`clipped: ${name(element)}`);
    const isWhole = !isShortened && !element.querySelector('.visually-hidden');
    if (element.matches('.btn') && isWhole && runsOut(element, box)) wrong.push(`runs out of its button: ${name(element)}`);
  }
  for (let one = 0; one < places.length; one++) for (let other = one + 1; other < places.length; other++) {
    const [a, b] = [places[one], places[other]];
    if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
    if (a.element.closest('.input-group, .btn-group') && a.element.parentElement === b.element.parentElement) continue;
    if (a.element.closest('.bills-toolbar, .bills-pager, .action-bar, thead') || b.element.closest('.bills-toolbar, .bills-pager, .action-bar, thead')) continue;
    if (rectsMeet(a.element, b.element)) wrong.push(`on top of each other: ${name(a.element)} / ${name(b.element)}`);
  }
  for (const element of document.querySelectorAll('.bill-status, .number, .amount, h1, h2, label')) {
    if (isShown(element) && element.getBoundingClientRect().right > wide + 1 && !scrollsInside(element)) wrong.push(`off the screen: ${name(element)}`);
  }
  // What scrolls sideways can be reached by keyboard: itself, or something in it.
  for (const element of document.querySelectorAll('main :is(section, div, table, pre, ul, ol)')) {
    const across = getComputedStyle(element).overflowX;
    const scrolls = (across === 'auto' || across === 'scroll') && element.scrollWidth > element.clientWidth + 13;
    const reached = element.matches('[tabindex]') || element.querySelector('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]');
    if (scrolls && isShown(element) && !reached) wrong.push(`scrolls, but not by keyboard: ${element.className} ${name(element)}`);
  }
  // Numbers, codes, dates and mobiles are never cut; names are.
  for (const element of document.querySelectorAll('.number, .amount, .cell-mobile, time, .bill-status, .btn, .col-due .cell-main')) {
    if (!isShown(element) || element.matches('input, .cell-main, .cell-code')) continue;
    const box = element.getBoundingClientRect();
    if (!box.width) continue;
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      const across = getComputedStyle(above).overflowX;
      if (across === 'auto' || across === 'scroll') break;
      if (across === 'hidden' || across === 'clip') {
        const edge = above.getBoundingClientRect();
        if (box.right > edge.right + 2 || box.left < edge.left - 2) wrong.push(`cut: ${name(element)}`);
        break;
      }
    }
  }
  for (const element of document.querySelectorAll('td :is(.number, .amount, .cell-mobile, .bill-status, .cell-sub)')) {
    const cell = element.closest('td');
    if (!isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const [text, edge] = [range.getBoundingClientRect(), cell.getBoundingClientRect()];
    const isCut = getComputedStyle(element).overflowX !== 'visible' || element.closest('.cell-main, .cell-code, .cell-pair') || element.querySelector('.visually-hidden');
    if (!isCut && text.width && (text.right > edge.right + 6 || text.left < edge.left - 6)) wrong.push(`runs out of its cell: ${name(element)}`);
  }
  for (const element of document.querySelectorAll('.total-value')) {
    if (isShown(element) && runsOut(element, element.parentElement.getBoundingClientRect())) wrong.push(`runs out of its total: ${name(element)}`);
  }
  // A word of ordinary length stays whole: a table that has no room for it scrolls.
  for (const cell of document.querySelectorAll('main :is(td, th)')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (isShown(cell) && texts.nextNode()) {
      for (const { 0: word, index } of texts.currentNode.data.matchAll(/(?<!\S)[^\s\-–\/·.]{2,12}(?!\S)/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + word.length);
        if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) wrong.push(`broken within a word: ${word}`);
      }
    }
  }
  return [...new Set(wrong)].slice(0, 12);
}
