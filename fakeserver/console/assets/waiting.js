// A page that is still being worked out is asked for again until it is there.

const PAUSE = 1000;

if (document.querySelector("[data-waiting]")) {
  setTimeout(() => location.reload(), PAUSE);
}
