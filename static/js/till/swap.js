// Puts the parts of an answer where they belong: each replaces the element of the same id.
export function swap(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children].map((part) => {
    document.getElementById(part.id)?.replaceWith(part);
    return part;
  });
}
