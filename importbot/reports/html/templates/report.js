'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // The table: filters and search.
  const form = document.getElementById('filters');
  if (form) {
    const plain = (text) => text.normalize('NFKC').toLowerCase().replaceAll('_', ' ');
    const selects = all('select', form);
    const search = form.elements.search;
    const count = form.querySelector('output');
    const rows = all('#pages tbody tr, #runs tbody tr[id], #checked tbody tr[data-state]').map(
      (row) => ({row, text: plain(row.textContent), data: row.dataset}));
    const filter = () => {
      const wanted = selects.filter((select) => select.value);
      const words = plain(search.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const {row, text, data} of rows) {
        const fits = wanted.every((select) => data[select.name].split('|').includes(select.value))
          && words.every((word) => text.includes(word));
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = count.dataset.text
        .replace('{shown}', shown).replace('{count}', rows.length);
    };
    // Not every way to choose is an input.
    for (const type of ['input', 'change']) form.addEventListener(type, filter);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('reset', () => setTimeout(filter));
    form.hidden = false;
    // A browser may have kept what was chosen before it went elsewhere.
    filter();
  }

  // The tree.
  const branches = all('.tree details');
  const buttons = document.querySelector('.buttons');
  if (buttons && branches.length) {
    buttons.hidden = false;
    buttons.addEventListener('click', ({target}) => {
      if (target.dataset.open !== undefined) {
        for (const branch of branches) branch.open = Boolean(target.dataset.open);
      }
    });
  }

  // A link leads to what is hidden, too.
  const uncover = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden && form) {
      form.reset();
      target.hidden = false;
    }
    for (let box = target.closest('details'); box; box = box.parentElement.closest('details')) {
      box.open = true;
    }
    const own = target.querySelector(':scope > details > summary');
    if (target.matches('.tree li') && own) own.focus({preventScroll: true});
    target.scrollIntoView({block: 'center'});
  };
  addEventListener('hashchange', uncover);
  if (location.hash) uncover();

  // The drawing: lines of the page under pointer or focus.
  const drawing = document.getElementById('drawing');
  if (drawing) {
    const lines = all('.lines path', drawing);
    const light = ({type, target}) => {
      const box = target.closest && target.closest('a');
      const place = /over|in$/.test(type) && box ? box.dataset.place : null;
      for (const line of lines) {
        line.classList.toggle('lit', place !== null
          && (line.dataset.from === place || line.dataset.to === place));
      }
    };
    for (const type of ['mouseover', 'mouseout', 'focusin', 'focusout']) {
      drawing.addEventListener(type, light);
    }
  }

  // On paper nothing can be opened.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = all('details:not([open])');
    for (const box of closed) box.open = true;
  });
  addEventListener('afterprint', () => {
    for (const box of closed) box.open = false;
  });
})();
