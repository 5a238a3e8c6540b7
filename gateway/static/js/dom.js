// What the desk needs beyond HTMX. Everything else is the server's. These files are served as one, in this order.
const $ = (css, from = document) => from.querySelector(css);
const $$ = (css, from = document) => [...from.querySelectorAll(css)];

// Buttons name what they do: data-desk="close".
const act = {};
document.addEventListener('click', event => {
  const button = event.target.closest('[data-desk]');
  const wanted = button && act[button.dataset.desk];
  if (wanted) wanted(button, event);
});

// A preference goes back to the very view it was chosen on.
document.addEventListener('submit', event => {
  const address = $('[data-desk-address]', event.target);
  if (address) address.value = location.pathname + location.search;
});
