// Videos: the poster becomes a button, which puts the video in its place. Nothing is loaded before.
"use strict";
(() => {
  const film = (data) => {
    const video = document.createElement("video");
    video.controls = true;
    video.preload = "metadata";
    video.playsInline = true;
    video.setAttribute("aria-label", data.title);
    if (data.captions) {
      const track = document.createElement("track");
      track.kind = "captions";
      track.srclang = "fr";
      track.label = "Français";
      track.src = data.captions;
      track.default = true;
      video.append(track);
    }
    video.src = data.address;
    return video;
  };
  const frame = (data) => {
    const inside = document.createElement("iframe");
    inside.title = data.title;
    inside.allow = "fullscreen";
    inside.allowFullscreen = true;
    inside.referrerPolicy = "no-referrer";
    inside.sandbox = "allow-scripts allow-same-origin";
    inside.src = data.address;
    return inside;
  };
  for (const place of document.querySelectorAll("[data-player=file], [data-player=frame]")) {
    const poster = place.querySelector("a");
    const button = document.createElement("button");
    button.type = "button";
    button.className = poster.className;
    button.append(...poster.childNodes);
    poster.replaceWith(button);
    button.addEventListener("click", () => {
      const shown = place.dataset.player === "file" ? film(place.dataset) : frame(place.dataset);
      button.replaceWith(shown);
      shown.focus();
      if (shown.play) shown.play().catch(() => {});
    });
  }
})();
