// Clean-up is timed here, and a machine with two processors has to keep up.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
