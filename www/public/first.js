// Runs before the page is drawn, so that neither colours nor language change under the reader's eyes.
try {
  const { theme, language } = JSON.parse(localStorage.getItem("qingcloud-explorer")) ?? {};
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (language === "zh") document.documentElement.lang = "zh-CN";
} catch {
  // Nothing was kept, or it may not be read.
}
