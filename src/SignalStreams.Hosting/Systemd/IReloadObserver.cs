namespace SignalStreams;

/// <summary>Is told when the configuration is being reloaded. No call throws.</summary>
internal interface IReloadObserver
{
    /// <summary>A reload begins.</summary>
    void Reloading();

    /// <summary>The reload that began last is over.</summary>
    /// <param name="problem">Why the old values stay, for people; null when the new ones are in force.</param>
    void Reloaded(string? problem);
}
