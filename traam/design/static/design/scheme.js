/* Runs before the first paint: says that scripts work, and takes the colours chosen earlier (no flash of white). */
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  var chosen = null;
  try {
    chosen = localStorage.getItem("scheme");
  } catch (refused) {
    /* No storage: the system decides. */
  }
  if (chosen !== "light" && chosen !== "dark") {
    chosen = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.setAttribute("data-fr-theme", chosen);
})();
