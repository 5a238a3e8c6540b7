// Menus are details elements; one is open at a time, and Escape gives the focus back to its button.
const closeMenus = except => $$('details.desk-menu[open]').forEach(menu => { if (!menu.contains(except)) menu.open = false; });

document.addEventListener('click', event => closeMenus(event.target));
document.addEventListener('toggle', event => {
  const menu = event.target;
  if (!menu.matches?.('details.desk-menu') || !menu.open) return;
  closeMenus(menu);
  const list = $('.dropdown-menu', menu);
  const box = menu.getBoundingClientRect();
  menu.classList.toggle('opens-up', box.bottom + list.offsetHeight + 60 > innerHeight && box.top > list.offsetHeight + 8);
}, true);
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const open = $('details.desk-menu[open]');
  if (!open) return;
  open.open = false;
  $('summary', open).focus();
  event.stopImmediatePropagation();
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
});
document.addEventListener('keydown', event => {
  const tree = event.target.closest?.('[data-desk-tree]');
  if (!tree || !event.key.startsWith('Arrow')) return;
  const node = event.target.closest('li');
  const twist = $('button.operator-twist', node);
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    if (twist && (twist.getAttribute('aria-expanded') === 'true') === (event.key === 'ArrowLeft')) act.twist(twist);
  } else {
    const nodes = $$('li:not([hidden])', tree);
    $('input', nodes[nodes.indexOf(node) + (event.key === 'ArrowDown' ? 1 : -1)] ?? node)?.focus();
  }
  event.preventDefault();
});

// A month and a range of dates exclude each other.
document.addEventListener('change', event => {
  if (event.target.name === 'period' && event.target.form?.id === 'filters') $$('[form=filters][name=from], [form=filters][name=to]').forEach(date => { date.value = ''; });
  if (event.target.type === 'date' && event.target.form?.id === 'filters') $$('[form=filters][name=period]').forEach(month => { month.checked = false; });
}, true);

// Chips and the page size stand outside of the filter form; their changes do not bubble through it.
document.addEventListener('change', event => {
  const filters = $('#filters');
  if (filters && event.target.form === filters && !filters.contains(event.target)) htmx.trigger(filters, 'refilter');
});
