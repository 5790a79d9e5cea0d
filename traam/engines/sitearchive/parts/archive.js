(function () {
  "use strict";
  var dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-fr-theme", dark ? "dark" : "light");
  document.addEventListener("DOMContentLoaded", search);

  function search() {
    var list = document.getElementById("archive-resultats");
    if (!list || !window.ARCHIVE) { return; }
    function bare(text) {
      return text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    }
    var asked = new URLSearchParams(location.search).get("q") || "";
    var words = bare(asked).split(/[^a-z0-9]+/).filter(Boolean);
    document.querySelectorAll("input[name=q]").forEach(function (box) { box.value = asked; });
    document.getElementById("archive-sans-script").remove();
    var found = window.ARCHIVE.filter(function (row) {
      var text = " " + bare(row[1] + " " + row[2]).replace(/[^a-z0-9]+/g, " ");
      return words.every(function (word) { return text.indexOf(" " + word) >= 0; });
    });
    function titled(row) {
      var title = " " + bare(row[1]).replace(/[^a-z0-9]+/g, " ");
      return words.filter(function (word) { return title.indexOf(" " + word) >= 0; }).length;
    }
    found.sort(function (a, b) { return titled(b) - titled(a); });
    var shown = found.slice(0, 200);
    var count = found.length + (found.length > 1 ? " pages" : " page");
    document.getElementById("archive-compte").textContent =
      (asked ? count + " pour « " + asked + " »" : count) + (found.length > 200 ? ", les 200 premières :" : ".");
    shown.forEach(function (row) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = row[0];
      link.textContent = row[1];
      item.appendChild(link);
      list.appendChild(item);
    });
    }
  })();
