// A scoring thread for tests, of a process where onnxruntime cannot be loaded. It never answers.
throw new Error('cannot load onnxruntime');
