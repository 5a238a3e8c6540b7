// Runs before the first paint: the theme that was chosen, or that of the system.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  if (root.dataset.bsTheme) return;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => { if (!root.dataset.themeChosen) root.dataset.bsTheme = dark.matches ? 'dark' : 'light'; };
  follow();
  dark.addEventListener('change', follow);
})();
