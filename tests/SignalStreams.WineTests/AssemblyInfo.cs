// One for each class that runs assemblies.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
