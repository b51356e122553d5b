"use strict";
(function () {
  // Fonts differ from machine to machine: what would run over is set a little smaller.
  document.body.classList.add("measuring");
  for (const slide of document.querySelectorAll(".slide")) {
    const body = slide.querySelector(".body");
    const over = () => slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth
      || body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1;
    for (let fit = 0.97; over() && fit >= 0.6; fit -= 0.03) slide.style.setProperty("--fit", fit.toFixed(2));
  }
  document.body.classList.remove("measuring");
  const words = JSON.parse(document.body.dataset.words);
  Reveal.initialize({
    width: 1280, height: 720, margin: 0, minScale: 0.2, maxScale: 3, center: false, hash: true,
    slideNumber: "c/t", transition: "none", backgroundTransition: "none", controlsTutorial: false,
    controlsLayout: "bottom-right", help: false, pdfSeparateFragments: false,
    plugins: typeof RevealNotes === "undefined" ? [] : [RevealNotes],
  }).then(() => {
    for (const [side, word] of [["left", "previous"], ["right", "next"]]) {
      for (const one of document.querySelectorAll(".navigate-" + side)) one.setAttribute("aria-label", words[word]);
    }
    for (const one of document.querySelectorAll(".resume-button")) one.textContent = words.resume;
  });
})();
