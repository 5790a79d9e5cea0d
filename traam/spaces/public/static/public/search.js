/* After a swap of the facets, what was open stays open and the keyboard stays where it was. */
(function () {
  "use strict";
  var open = [];
  var focused = "";
  document.addEventListener("htmx:beforeSwap", function () {
    open = Array.from(document.querySelectorAll("#facettes details[open]"), function (one) { return one.id; });
    focused = document.activeElement ? document.activeElement.id : "";
  });
  function restore() {
    open.forEach(function (id) {
      var one = document.getElementById(id);
      if (one) one.open = true;
    });
    var active = document.getElementById(focused);
    if (active && active !== document.activeElement) active.focus({ preventScroll: true });
  }
  /* At once for the keyboard, and again when htmx has settled the attributes. */
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:afterSettle", restore);
})();
