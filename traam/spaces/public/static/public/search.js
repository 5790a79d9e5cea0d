/* After a swap of the facets, the keyboard stays where it was. */
(function () {
  "use strict";
  var focused = "";
  document.addEventListener("htmx:beforeSwap", function () {
    focused = document.activeElement ? document.activeElement.id : "";
  });
  function restore() {
    var active = document.getElementById(focused);
    if (active && active !== document.activeElement) active.focus({ preventScroll: true });
  }
  /* At once for the keyboard, and again when htmx has settled the attributes. */
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:afterSettle", restore);
})();
