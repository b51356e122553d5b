"use strict";
(function () {
  const page = document.documentElement;
  const find = (id) => document.getElementById(id);
  const STEP = 200; // rows laid out at a time; thousands at once would take a browser seconds
  let limit = STEP;
  const rows = Array.from(find("rows").rows, (row) => ({
    row, text: row.cells[0].textContent.toLowerCase(), lang: row.dataset.lang,
    status: row.dataset.status, formats: " " + row.dataset.formats + " ",
  }));
  const show = (lang) => {
    page.dataset.lang = lang;
    page.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = document.querySelector("[data-title][lang|=" + lang + "]").textContent;
    for (const option of document.querySelectorAll("option[data-zh]")) option.textContent = option.dataset[lang];
  };
  const filter = (event) => {
    if (event !== "more") limit = STEP;
    const words = find("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const lang = find("lang").value, format = find("format").value, status = find("status").value;
    let seen = 0;
    for (const one of rows) {
      const fits = (!lang || one.lang === lang) && (!status || one.status === status)
        && (!format || one.formats.includes(" " + format + " ")) && words.every((word) => one.text.includes(word));
      if (fits) seen += 1;
      const hide = !fits || seen > limit;
      if (one.row.hidden !== hide) one.row.hidden = hide;
    }
    for (const span of document.querySelectorAll("[data-count]")) {
      span.textContent = span.dataset.count.replace("{shown}", seen).replace("{all}", rows.length);
    }
    find("more").hidden = seen <= limit;
    find("none").hidden = seen > 0;
  };
  let waiting = 0;
  find("words").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  find("more").addEventListener("click", () => { limit += STEP; filter("more"); });
  for (const id of ["lang", "format", "status"]) find(id).addEventListener("change", filter);
  find("switch").addEventListener("click", () => show(page.dataset.lang === "zh" ? "en" : "zh"));
  find("filters").hidden = false;
  find("switch").hidden = false;
  show(page.dataset.lang);
  filter();
  find("rows").dataset.ready = "";
})();
