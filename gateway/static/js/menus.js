// Menus are details elements; one is open at a time, and Escape gives the focus back to its button.
const closeMenus = except => $$('details.desk-menu[open]').forEach(menu => { if (!menu.contains(except)) menu.open = false; });

const closeAndReturn = menu => { menu.open = false; forgetTyped(menu); $('summary', menu).focus(); };

document.addEventListener('click', event => closeMenus(event.target));
document.addEventListener('toggle', event => {
  const menu = event.target;
  if (!menu.matches?.('details.desk-menu') || !menu.open) return;
  closeMenus(menu);
  const list = $('.dropdown-menu', menu);
  const box = menu.getBoundingClientRect();
  menu.classList.toggle('opens-up', box.bottom + list.offsetHeight + 60 > innerHeight && box.top > list.offsetHeight + 8);
  // Words are typed at once; under a finger the keyboard would cover the list.
  if (matchMedia('(pointer: fine)').matches) $('[data-desk-find]', menu)?.focus();
}, true);
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const open = $('details.desk-menu[open]');
  if (!open) return;
  closeAndReturn(open);
  event.stopImmediatePropagation();
}, true);

// What the menus of all rows have in common stands in the page once, and comes when one is opened.
document.addEventListener('click', event => {
  const list = event.target.closest?.('.row-menu > summary')?.nextElementSibling;
  if (!list || list.dataset.whole) return;
  list.dataset.whole = 'true';
  const row = list.closest('.bill-row');
  const rest = $('#row-menu').content.cloneNode(true);
  $$('a', rest).forEach(link => ['href', 'hx-get'].filter(name => link.hasAttribute(name)).forEach(name => {
    link.setAttribute(name, link.getAttribute(name).replace('~', row.dataset.live));
  }));
  list.firstElementChild.after(rest.firstElementChild);
  if (!$('.bill-status-void', row)) list.append(rest);
  htmx.process(list);
}, true);

act.menu = button => {
  const menu = $('#sidebar-menu');
  button.setAttribute('aria-expanded', String(menu.classList.toggle('show')));
};

// The operator tree: find by name, fold what is below, walk with the arrow keys.
const below = node => {
  const found = [];
  for (let next = node.nextElementSibling; next && +next.dataset.level > +node.dataset.level; next = next.nextElementSibling) found.push(next);
  return found;
};
act.twist = button => {
  const open = button.getAttribute('aria-expanded') !== 'true';
  button.setAttribute('aria-expanded', String(open));
  below(button.closest('li')).forEach(node => { node.hidden = !open; });
};
document.addEventListener('input', event => {
  const tree = event.target.dataset.deskFind && $(`#${event.target.dataset.deskFind}`);
  if (!tree) return;
  const words = event.target.value.trim().toLowerCase();
  $$('li', tree).forEach(node => { node.hidden = !node.textContent.toLowerCase().includes(words); });
  $('[data-desk-none]', tree.parentElement).hidden = $('li:not([hidden])', tree) !== null;
});
// From the words to what they found: down goes there, Enter chooses the first. Neither sends the form.
document.addEventListener('keydown', event => {
  const tree = event.target.dataset?.deskFind && $(`#${event.target.dataset.deskFind}`);
  if (!tree || !['ArrowDown', 'Enter'].includes(event.key)) return;
  event.preventDefault();
  const first = $('li:not([hidden]) input', tree);
  first?.focus();
  if (event.key === 'Enter') first?.click();
});
document.addEventListener('keydown', event => {
  const tree = event.target.closest?.('[data-desk-tree]');
  if (!tree || !(event.key.startsWith('Arrow') || event.key === 'Enter')) return;
  const node = event.target.closest('li');
  const twist = $('button.operator-twist', node);
  if (event.key === 'Enter') {
    // In a form Enter would send it; here it chooses, as the space bar does.
    if (!event.target.matches('input')) return;
    event.target.click();
  } else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    if (twist && (twist.getAttribute('aria-expanded') === 'true') === (event.key === 'ArrowLeft')) act.twist(twist);
  } else {
    const nodes = $$('li:not([hidden])', tree);
    const next = nodes[nodes.indexOf(node) + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next) $('input', next)?.focus();
    else if (event.key === 'ArrowUp') $('[data-desk-find]', tree.parentElement)?.focus();
  }
  event.preventDefault();
});

// Words to find an operator by filter nothing; a range of days does when it is applied: half a year is no year.
document.addEventListener('change', event => {
  if (event.target.matches('[data-desk-find], [data-desk-waits]')) event.stopPropagation();
}, true);
const waiting = () => $$('[data-desk-waits]');
// A month and a range exclude each other.
document.addEventListener('change', event => {
  if (event.target.name === 'period' && event.target.form?.id === 'filters') waiting().forEach(day => { day.value = ''; });
}, true);
// What was typed and not applied is no filter: it goes with its menu, and so do the words to find by.
const forgetTyped = menu => {
  const words = $('[data-desk-find]', menu);
  if (words?.value) {
    words.value = '';
    words.dispatchEvent(new Event('input', { bubbles: true }));
  }
  $$('[data-desk-waits]', menu).forEach(day => {
    day.value = day.dataset.deskWaits;
    day.classList.remove('is-invalid');
    day.removeAttribute('aria-invalid');
  });
  $('#month-range-error', menu)?.remove();
};
document.addEventListener('toggle', event => { if (!event.target.open) forgetTyped(event.target); }, true);
// One month is one choice: a click on it ends the choosing, and so does Enter; the arrows go on looking.
document.addEventListener('click', event => {
  const month = event.target.closest('#month-menu label');
  if (month) setTimeout(() => closeAndReturn(month.closest('details')));
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.matches('#month-menu input[type=radio]')) return;
  event.preventDefault();
  closeAndReturn(event.target.closest('details'));
});
// A range that was applied closes its menu; one that cannot be meant stays open at what is wrong.
document.addEventListener('htmx:afterSettle', event => {
  const menu = event.detail.requestConfig?.triggeringEvent?.submitter?.closest?.('#month-menu') && $('#month-menu');
  if (!menu?.closest('details').open) return;
  const wrong = $('.is-invalid', menu);
  if (wrong) wrong.focus();
  else closeAndReturn(menu.closest('details'));
});

// Chips and the page size stand outside of the filter form; their changes do not bubble through it.
document.addEventListener('change', event => {
  const filters = $('#filters');
  if (filters && event.target.form === filters && !filters.contains(event.target)) htmx.trigger(filters, 'refilter');
});
