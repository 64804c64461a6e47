// Blazor gives up after a while, and a restarted server does not know the old circuit. Then the page is loaded again as soon
// as the server answers: its whole state stands in the URL.
(() => {
  const notice = document.getElementById("components-reconnect-modal");
  let waiting = false;
  const wait = async () => {
    if (waiting) { return; }
    waiting = true;
    for (;;) {
      try {
        const answer = await fetch("/healthz", { cache: "no-store" });
        if (answer.ok) { location.reload(); return; }
      } catch { /* still away */ }
      await new Promise(resolve => setTimeout(resolve, 1500));
    }
  };
  new MutationObserver(() => {
    const state = notice.className;
    if (/components-reconnect-(failed|rejected)/.test(state)) { wait(); }
  }).observe(notice, { attributes: true, attributeFilter: ["class"] });
})();
