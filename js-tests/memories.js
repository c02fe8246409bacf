// The memory of every WebAssembly module that starts after this one was imported. So whoever reads it imports the
// package's entries afterwards.

export const memories = [];

const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    memories.push(this.exports.memory);
  }
};
