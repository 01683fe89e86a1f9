// Comfort only: everything works without this file.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

// A page that waits for a mail looks again when the person comes back to it.
const waiting = document.querySelector("[data-waiting]");
if (waiting) setTimeout(() => location.reload(), 4000);

// A mail that is dragged onto the page of a contact is looked at at once. Outlook may hand over a file or nothing; then
// the field above the button is still there.
for (const form of document.querySelectorAll("[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const page = document.querySelector("main");
  const show = (event, isOver) => {
    event.preventDefault();
    if (isOver) form.closest("details")?.setAttribute("open", "");
    form.classList.toggle("drop--over", isOver);
  };
  page.addEventListener("dragover", (event) => show(event, true));
  page.addEventListener("dragleave", (event) => show(event, false));
  page.addEventListener("drop", (event) => {
    show(event, false);
    if (!event.dataTransfer.files.length) return;
    const chosen = new DataTransfer();
    chosen.items.add(event.dataTransfer.files[0]);
    field.files = chosen.files;
    form.requestSubmit();
  });
}
