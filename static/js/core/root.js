/** The path that VisionAI is at on its host: "", or one like "/vision" where a proxy has it beside other things. */
export const root = document.documentElement.dataset.root ?? "";
