/* The follow-up reads itself again, but never under the eyes of whoever is in it: the focus, the table that was
   unfolded and the place reached in the drawing stay. */
(function () {
  "use strict";
  var unfolded = false;
  var reached = 0;

  document.addEventListener("htmx:beforeRequest", function (event) {
    var live = event.detail.elt;
    if (!live.hasAttribute("data-live")) return;
    var focused = document.activeElement;
    if (document.hidden || (focused !== live && live.contains(focused))) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", function () {
    var details = document.querySelector("#suivi details");
    var drawing = document.querySelector("#suivi .heat__scroll");
    unfolded = details ? details.open : unfolded;
    reached = drawing ? drawing.scrollLeft : reached;
  });
  document.addEventListener("htmx:afterSwap", function () {
    var details = document.querySelector("#suivi details");
    var drawing = document.querySelector("#suivi .heat__scroll");
    if (details && unfolded) details.open = true;
    if (drawing) drawing.scrollLeft = reached;
  });
})();
