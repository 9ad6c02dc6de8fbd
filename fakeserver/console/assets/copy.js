// Buttons that copy the text of another element.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const usual = button.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source); // no right to the clipboard: the user copies what is selected
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = usual), 2000);
  });
}
