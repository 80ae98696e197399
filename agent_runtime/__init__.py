"""Who acts: models, the LangGraph episode, the batch and its executors."""
