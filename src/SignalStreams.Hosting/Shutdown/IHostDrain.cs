namespace SignalStreams;

/// <summary>Work that is given time to run dry between the signal and the stop of the services.</summary>
internal interface IHostDrain
{
    /// <summary>What the timeline calls it.</summary>
    string Name { get; }

    /// <summary>What is left, for people, such as "3 requests left"; null for nothing.</summary>
    string? Status { get; }

    /// <summary>Whether the stop waits for nothing of it: it only says what is left.</summary>
    bool IsStatusOnly => false;

    /// <summary>Ends when there is nothing left to wait for. All drains run at once.</summary>
    /// <param name="hurry">Cancelled when a second signal asks for haste.</param>
    Task DrainAsync(CancellationToken hurry);
}
