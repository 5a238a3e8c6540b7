// What was wrong with a field is about what stood in it: once that is corrected, it is said no more.
function forgive(event) {
  const field = event.target;
  if (!field.matches?.('.is-invalid')) return;
  field.classList.remove('is-invalid');
  field.removeAttribute('aria-invalid');
  document.getElementById(`${field.id}-error`)?.remove();
  if (document.getElementById(`${field.id}-hint`)) field.setAttribute('aria-describedby', `${field.id}-hint`);
  else field.removeAttribute('aria-describedby');
}
document.addEventListener('input', forgive);
document.addEventListener('change', forgive);
