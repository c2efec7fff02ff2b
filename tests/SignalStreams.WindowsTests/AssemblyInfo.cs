// Nearly all of them wait, for the time limits of Windows or for a child.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
