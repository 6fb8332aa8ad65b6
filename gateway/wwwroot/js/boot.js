// Runs before the page is drawn: theme without a flash, times in the browser's zone, and what the browser remembers.
(() => {
  const root = document.documentElement;
  const darkSystem = matchMedia('(prefers-color-scheme: dark)');
  const memory = {
    recall(key) { try { return localStorage.getItem(`console.${key}`); } catch { return null; } },
    remember(key, value) { try { localStorage.setItem(`console.${key}`, value); } catch { /* Storage is switched off. */ } },
  };
  window.monitoringConsole = memory;

  const themes = ['light', 'system', 'dark'];
  const chosenTheme = () => (themes.includes(memory.recall('theme')) ? memory.recall('theme') : 'system');
  const applyTheme = () => {
    const chosen = chosenTheme();
    root.dataset.theme = chosen === 'system' ? (darkSystem.matches ? 'dark' : 'light') : chosen;
    document.querySelectorAll('theme-switch').forEach((element) => element.show?.());
  };
  applyTheme();
  darkSystem.addEventListener('change', applyTheme);
  addEventListener('storage', applyTheme);

  const icons = {
    light: 'M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10ZM12 1.5v3M12 19.5v3M1.5 12h3M19.5 12h3M4.6 4.6l2.1 2.1M17.3 17.3l2.1 2.1M19.4 4.6l-2.1 2.1M6.7 17.3l-2.1 2.1',
    system: 'M3 4.5h18v12H3ZM8.5 20.5h7M12 16.5v4',
    dark: 'M20.5 14.2A8.5 8.5 0 0 1 9.8 3.5a8.5 8.5 0 1 0 10.7 10.7Z',
  };
  customElements.define('theme-switch', class extends HTMLElement {
    connectedCallback() {
      this.replaceChildren(...themes.map((theme) => {
        const button = document.createElement('button');
        Object.assign(button, { type: 'button', title: this.dataset[theme] });
        button.setAttribute('aria-label', this.dataset[theme]);
        button.dataset.choice = theme;
        button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${icons[theme]}"/></svg>`;
        button.addEventListener('click', () => { memory.remember('theme', theme); applyTheme(); });
        return button;
      }));
      this.show();
    }

    show() {
      for (const button of this.children) {
        button.setAttribute('aria-pressed', button.dataset.choice === chosenTheme());
      }
    }
  });

  // Ages are counted by the server's clock, which stamped the page; the browser's may be wrong.
  const skew = Number(root.dataset.now) - Date.now() || 0;
  const language = root.lang;
  const ago = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'always' });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  const date = new Intl.DateTimeFormat(language, { month: '2-digit', day: '2-digit' });
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const inUnit = (unit, amount) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' }).format(amount);
  const span = (seconds) => {
    const at = units.findIndex(([, size]) => seconds >= size);
    if (at < 0) return inUnit('second', 0);
    const [[unit, size], next] = [units[at], units[at + 1]];
    const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
    return inUnit(unit, Math.floor(seconds / size)) + (rest ? ` ${inUnit(next[0], rest)}` : '');
  };
  const write = (element) => {
    const time = Number(element.getAttribute('ms'));
    const now = Date.now() + skew;
    const mode = element.getAttribute('mode');
    let text;
    if (mode === 'clock') {
      const today = new Date(now).toDateString() === new Date(time).toDateString();
      text = today ? clock.format(time) : `${date.format(time)} ${clock.format(time)}`;
    } else if (mode === 'lasting') {
      const until = element.getAttribute('until');
      text = span(Math.max(0, Math.round(((until ? Number(until) : now) - time) / 1000)));
    } else {
      const seconds = Math.max(0, Math.round((now - time) / 1000));
      const [unit, size] = units.find(([, size]) => seconds >= size) ?? units[3];
      text = ago.format(-Math.floor(seconds / size), unit);
    }
    if (element.text.textContent !== text) element.text.textContent = text;
  };
  const times = new Set();
  setInterval(() => times.forEach(write), 1000);
  customElements.define('time-text', class extends HTMLElement {
    static observedAttributes = ['ms', 'mode', 'until'];

    constructor() {
      super();
      this.text = document.createElement('span');
      this.attachShadow({ mode: 'open' }).append(this.text);
    }

    connectedCallback() { times.add(this); }

    disconnectedCallback() { times.delete(this); }

    attributeChangedCallback(name) {
      if (name === 'ms') this.title = full.format(Number(this.getAttribute('ms')));
      write(this);
    }
  });

  document.addEventListener('click', (event) => {
    const target = event.target.closest?.('[data-language], [data-skip], [data-reload]');
    if (!target) return;
    if (target.dataset.language) {
      document.cookie = `console-language=${target.dataset.language}; path=/; max-age=31536000; samesite=lax`;
      location.reload();
    } else if ('skip' in target.dataset) {
      event.preventDefault();
      document.getElementById('main')?.focus();
    } else {
      location.reload();
    }
  });
})();
