// What the page does beside Gradio: keyboard, focus, announcements, the source panel. No request to anywhere.
(() => {
  'use strict';
  if (window.shirube) return;
  const NARROW = window.matchMedia('(max-width: 900px)');
  const THEME = 'shirube.theme';
  let opener = null; // what the source panel was opened from: focus goes back there

  // The Enter that confirms a kanji conversion belongs to the input method. Chromium says isComposing, others
  // send key code 229 after the composition has ended; Gradio looks at neither.
  for (const kind of ['keydown', 'keypress', 'keyup']) {
    window.addEventListener(kind, (event) => {
      if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
    }, true);
  }

  const announce = (text) => {
    const place = document.getElementById('announcer');
    if (place && text) { place.textContent = ''; window.setTimeout(() => { place.textContent = text; }, 60); }
  };

  // The data-… values of the element that was clicked, if it stands for an action; null if the user declined.
  const detail = (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-action]') : null;
    if (!button) return null;
    const data = { ...button.dataset };
    if (data.confirm && !window.confirm(data.confirm)) return null;
    if (data.prompt) {
      data.answer = window.prompt(data.prompt, data.value || '');
      if (!data.answer) return null;
    }
    const form = button.closest('[data-form]');
    if (form) {
      for (const field of form.querySelectorAll('[data-field]')) data[field.dataset.field] = field.value;
      for (const other of form.querySelectorAll('[aria-pressed]')) other.setAttribute('aria-pressed', String(other === button));
    }
    if (data.action === 'cite') {
      opener = data.place;
      markCurrent();
      const panel = document.querySelector('#source .source');
      if (panel?.dataset.place === opener) onPanel(panel); // nothing will change that could be noticed
    }
    return data;
  };
  window.shirube = { detail };

  const markCurrent = () => {
    for (const chip of document.querySelectorAll('[data-action="cite"]')) {
      if (chip.dataset.place === opener) chip.setAttribute('aria-current', 'true');
      else chip.removeAttribute('aria-current');
    }
  };

  // Put the first quoted range into the middle of its view, on the picture of its page too, without moving the page.
  const showQuote = (panel) => {
    for (const view of panel.querySelectorAll('.view:not([hidden]), .pictures')) showFirst(view, view.querySelector('mark, .box'));
  };
  const showFirst = (view, mark) => {
    if (!mark) return;
    const space = view.getBoundingClientRect();
    const place = mark.getBoundingClientRect();
    const height = Math.min(place.height, space.height / 2);
    view.scrollTo({ top: view.scrollTop + place.top - space.top - (space.height - height) / 3, behavior: 'instant' });
  };

  const onPanel = (panel) => {
    if (!opener) return;
    document.getElementById('source-panel').classList.add('open');
    showQuote(panel);
    panel.focus({ preventScroll: true });
    if (!NARROW.matches) panel.scrollIntoView({ block: 'nearest' });
    announce(panel.dataset.announce);
  };

  const closePanel = () => {
    document.getElementById('source-panel')?.classList.remove('open');
    const from = [...document.querySelectorAll('[data-action="cite"]')].filter((chip) => chip.dataset.place === opener);
    opener = null;
    markCurrent();
    (from.pop() || document.querySelector('#question textarea'))?.focus();
  };

  const onTurn = (turn) => {
    if (turn.dataset.state === 'pending') { announce(turn.dataset.announce); turn.scrollIntoView({ block: 'nearest' }); }
    if (turn.dataset.state === 'done') {
      announce(turn.dataset.announce);
      turn.querySelector('.actions, .answer')?.scrollIntoView({ block: 'nearest' });
      turn.querySelector('.question').scrollIntoView({ block: 'nearest' });
      markCurrent();
    }
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard outside of secure contexts
      const field = document.createElement('textarea');
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand('copy');
      field.remove();
      button.focus();
    }
    announce(button.dataset.said);
    const before = button.textContent;
    button.textContent = button.dataset.said;
    window.setTimeout(() => { button.textContent = before; }, 1500);
  };

  const setDark = (isDark) => {
    document.body.classList.toggle('dark', isDark);
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
    document.querySelector('[data-dark]')?.setAttribute('aria-pressed', String(isDark));
  };
  const wantsDark = () => {
    const chosen = window.localStorage.getItem(THEME);
    return chosen ? chosen === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
  };

  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const view = target.closest('[data-view]');
    if (view) {
      const panel = view.closest('.source');
      for (const button of panel.querySelectorAll('[data-view]')) button.setAttribute('aria-pressed', String(button === view));
      for (const part of panel.querySelectorAll('[data-shows]')) part.hidden = part.dataset.shows !== view.dataset.view;
      showQuote(panel);
    }
    if (target.closest('[data-close]')) closePanel();
    const copying = target.closest('[data-copy]');
    if (copying) copy(copying);
    if (target.closest('[data-dark]')) {
      const isDark = !document.body.classList.contains('dark');
      window.localStorage.setItem(THEME, isDark ? 'dark' : 'light');
      setDark(isDark);
    }
    const skip = target.closest('a.skip');
    if (skip) { // the page has a <base>, so the browser would load it anew
      event.preventDefault();
      const goal = document.querySelector(skip.getAttribute('href'));
      (goal?.querySelector('textarea, section') || goal)?.focus();
    }
  });

  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.activeElement?.closest('#source-panel')) closePanel();
  });

  // Gradio's own controls that say nothing, or the wrong thing, to those who cannot see them.
  const mend = () => {
    const header = document.querySelector('#frame [data-language]');
    if (header) document.documentElement.lang = header.dataset.language;
    setDark(wantsDark());
    for (const drop of document.querySelectorAll('.upload-container')) { // named after a part of what it shows
      const shown = drop.innerText.replace(/\s+/g, ' ').trim();
      if (shown && drop.getAttribute('aria-label') !== shown) drop.setAttribute('aria-label', shown);
    }
  };

  let seenPlace = ''; // Gradio changes elements in place, so what they show tells them apart
  let seenTurn = '';
  const look = () => {
    const panel = document.querySelector('#source .source');
    const place = panel?.dataset.place || '';
    if (place !== seenPlace) { seenPlace = place; if (place) onPanel(panel); }
    const turn = document.querySelector('#turn .turn');
    const state = turn ? `${turn.dataset.state} ${turn.dataset.announce}` : '';
    if (state !== seenTurn) { seenTurn = state; if (turn) onTurn(turn); }
    const note = document.querySelector('#status [data-announce]:not(.gone)');
    if (note && !note.dataset.seen) {
      note.dataset.seen = 'yes';
      announce(note.dataset.announce);
      window.setTimeout(() => note.classList.add('gone'), 6000);
    }
    for (const other of document.querySelectorAll('#job [data-announce]:not([data-seen]), #history-status [data-announce]:not([data-seen])')) {
      other.dataset.seen = 'yes';
      announce(other.dataset.announce);
    }
    mend();
  };
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    window.requestAnimationFrame(() => { waiting = false; look(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
