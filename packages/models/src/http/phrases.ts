/** How the servers say that a context is longer than the window; each line names who says it. */
const phrases: readonly RegExp[] = [
  /context_length_exceeded/i, // OpenAI, and those that copy its codes
  /exceed(s|ed)? the context (window|length)/i, // OpenAI responses; Ollama "input length exceeds the context length"
  /maximum context length/i, // OpenAI chat, vLLM, OpenRouter
  /prompt is too long/i, // Anthropic
  /input length and `?max_tokens`? exceed/i, // Anthropic, when the answer would not fit either
  /exceed_context_size_error/i, // llama.cpp, since late 2025
  /exceeds the available context size/i, // llama.cpp
  /longer than the maximum model length/i, // vLLM
  /too long to fit into the model/i, // vLLM, older
  /exceed(s|ed)? (the )?(model'?s )?context (window|size|length)/i, // llama-cpp-python, LM Studio
  /context the overflows|reached context length/i, // LM Studio, spelling theirs
  /exceeded max context length|input length exceeds/i, // Ollama
  /model_context_window_exceeded/i, // Anthropic, as a stop reason
];

/** True when a provider's words mean that the request does not fit its window, which no retry cures. */
export const saysOverflow = (text: string): boolean => phrases.some((phrase) => phrase.test(text));

const toolWords = /\btools?\b|tool_choice|tool[ _-]?(use|call)|function[ _-]?call/i;
const refusalWords =
  /not? (currently )?support|unsupported|requires? --|enable-auto-tool-choice|unknown|unrecognized|not permitted|no endpoints found/i;

/** True when a server says that it, or the model it serves, takes no `tools`. */
export const saysNoTools = (text: string): boolean => toolWords.test(text) && refusalWords.test(text);
