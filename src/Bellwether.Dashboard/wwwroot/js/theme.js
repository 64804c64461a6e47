// Runs before the first paint: no module, no import.
(() => {
  const key = "bellwether-theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem(key) ?? "system"; } catch { return "system"; }
  };
  const mark = () => {
    for (const button of document.querySelectorAll("[data-theme-choice][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen()));
    }
  };
  const apply = () => {
    const choice = chosen();
    const theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    const root = document.documentElement;
    if (root.dataset.theme !== theme) {
      root.dataset.theme = theme;
      root.style.colorScheme = theme;
      dispatchEvent(new CustomEvent("bellwether-theme", { detail: theme }));
    }
    mark();
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", event => { if (event.key === key) { apply(); } });
  document.addEventListener("click", event => {
    const choice = event.target.closest?.("[data-theme-choice]")?.dataset.themeChoice;
    if (!choice) { return; }
    try { localStorage.setItem(key, choice); } catch { /* private mode: holds for this page */ }
    apply();
  });
  document.addEventListener("DOMContentLoaded", mark);
  // The fold of the navigation is remembered the same way, and must not jump either.
  try { document.documentElement.dataset.nav = localStorage.getItem("bellwether-nav") ?? "open"; } catch { /* open */ }
})();
