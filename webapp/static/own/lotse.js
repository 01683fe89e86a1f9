// Comfort only: everything works without this file.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A page that waits for a mail looks again when the person comes back to it.
const waiting = document.querySelector("[data-waiting]");
if (waiting) setTimeout(() => location.reload(), 4000);
