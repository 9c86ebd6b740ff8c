namespace Polywire.Doors;

/// <summary>Which stage of a connection's life follows which, by what happens.</summary>
internal static class LifeTable
{
    private const LifeStage No = (LifeStage)byte.MaxValue;

    // Rows are stages, columns events. A connection inside the process has no goodbye, and one that never was welcomed can end too.
    private static readonly LifeStage[,] Following =
    {
        //              Welcome         End               Leave              SayGoodbye         Close
        /* Opening */ { LifeStage.Open, LifeStage.Ending, LifeStage.Leaving, No,                No               },
        /* Open    */ { No,             LifeStage.Ending, LifeStage.Leaving, No,                No               },
        /* Ending  */ { No,             No,               LifeStage.Leaving, No,                No               },
        /* Leaving */ { No,             No,               No,                LifeStage.Goodbye, LifeStage.Closed },
        /* Goodbye */ { No,             No,               No,                No,                LifeStage.Closed },
        /* Closed  */ { No,             No,               No,                No,                No               },
    };

    /// <summary>Finds the stage that follows.</summary>
    /// <returns>False where the event changes nothing in this stage.</returns>
    public static bool TryFollow(LifeStage stage, LifeEvent what, out LifeStage next)
    {
        next = Following[(int)stage, (int)what];
        return next != No;
    }
}
