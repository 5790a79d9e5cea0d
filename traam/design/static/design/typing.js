/* A long form is kept as it is typed: when the typing pauses, every 1.2 seconds when it does not, and when the
   page is left. Whatever happens to the site, the last two seconds at most are not kept. It never blocks anything. */
(function () {
  "use strict";

  var PAUSE = 700; /* ms after the last key */
  var LATEST = 1200; /* ms after the first key that is not kept, for who does not pause */
  var RETRY = 2000; /* ms after a first failure of the network, then twice as long each time */
  var SLOWEST = 10000;
  var PATIENCE = 15000; /* ms: a site that does not answer has failed */
  var LIGHT = 60000; /* browsers let a page that closes send 64 kB, no more */
  var LOST = "Votre saisie n’est plus gardée\u00a0: ";
  var ENDED = LOST + "votre session a pris fin. Enregistrez maintenant\u00a0: votre texte vous attendra après la connexion.";
  var CHANGED = LOST + "vous vous êtes connecté de nouveau dans un autre onglet. Copiez votre texte, puis rechargez cette page.";
  var SILENT = LOST + "le site ne répond pas. Elle reste dans cette page, un nouvel essai suivra.";

  function watch(form) {
    var place = form.querySelector("[data-typing-state]");
    var timer = null;
    var due = 0; /* the latest moment of the next sending */
    var failures = 0;
    var changed = false;
    var running = null;
    var leaving = false;
    var mood = ""; /* "" before the first answer, then "kept" or the reason of the failure */

    function typed() {
      var secret = {};
      Array.from(form.elements).forEach(function (control) {
        if (control.type === "password" || control.hasAttribute("data-not-kept")) secret[control.name] = true;
      });
      var body = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        if (typeof value === "string" && !secret[name]) body.append(name, value);
      });
      body.append("typing-place", form.dataset.place);
      return body.toString();
    }

    /* What changes in mood is said; a new time is only shown. */
    function show(sentence, now) {
      place.textContent = sentence;
      if (mood !== now) document.dispatchEvent(new CustomEvent("site:say", { detail: sentence }));
      mood = now;
    }

    function plan(delay) {
      clearTimeout(timer);
      timer = setTimeout(keep, delay);
    }

    /* Soon after the last key, and never later than `due`: keys that follow one another do not put it off for ever. */
    function planTyped() {
      if (!due) due = Date.now() + LATEST;
      plan(Math.max(0, Math.min(PAUSE, due - Date.now())));
    }

    function fail(sentence, retry) {
      changed = true;
      show(sentence, sentence);
      if (!retry) return;
      failures += 1;
      plan(Math.min(SLOWEST, RETRY * Math.pow(2, failures - 1)));
    }

    function read(answer) {
      if (answer.type === "opaqueredirect" || answer.status === 401) return fail(ENDED);
      if (answer.status === 403) return fail(CHANGED);
      if (answer.status >= 500) return fail(SILENT, true);
      return answer.json().then(function (told) {
        if (!answer.ok) return fail(LOST + told.reason);
        failures = 0;
        show("Votre saisie est gardée (" + told.time + ").", "kept");
        if (!changed) document.dispatchEvent(new CustomEvent("site:kept", { detail: form }));
      });
    }

    function keep() {
      if (!changed || leaving) return;
      if (running) return; /* what follows it is planned when it ends */
      send(false);
    }

    function send(closing) {
      var body = typed();
      var request = new AbortController();
      var late = false;
      var patience = setTimeout(function () { late = true; request.abort(); }, PATIENCE);
      clearTimeout(timer);
      changed = false;
      due = 0;
      running = request;
      fetch(form.dataset.typing, {
        method: "POST",
        body: body,
        headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive: closing && body.length < LIGHT,
        signal: request.signal
      })
        .then(read)
        .catch(function (problem) {
          if (late || problem.name !== "AbortError") fail(SILENT, true);
        })
        .finally(function () {
          clearTimeout(patience);
          if (running === request) running = null;
          if (changed && due) planTyped();
        });
    }

    form.addEventListener("input", function () {
      changed = true;
      leaving = false;
      planTyped();
    });
    /* The form itself is sent: what is kept must not arrive after it. */
    form.addEventListener("submit", function () {
      leaving = true;
      clearTimeout(timer);
      if (running) running.abort();
    });
    function close() {
      if (changed && !leaving) send(true);
    }
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "hidden") close();
    });
    window.addEventListener("pagehide", close);
    window.addEventListener("online", function () {
      failures = 0;
      keep();
    });
    /* The page came back refused: its text is saved nowhere yet. */
    if (document.getElementById("erreurs")) {
      changed = true;
      planTyped();
    }
  }

  document.querySelectorAll("form[data-typing]").forEach(watch);
})();
