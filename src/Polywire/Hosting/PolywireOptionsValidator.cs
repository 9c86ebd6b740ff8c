using Microsoft.Extensions.Options;

namespace Polywire.Hosting;

/// <summary>Stops the start on a bad setting. Written by hand: the framework's attributes tell neither the full name nor the value.</summary>
internal sealed class PolywireOptionsValidator : IValidateOptions<PolywireOptions>
{
    public ValidateOptionsResult Validate(string? name, PolywireOptions options) =>
        new OptionsCheck("Polywire")
            .NotEmpty(nameof(options.ServerName), options.ServerName)
            .NotEmpty(nameof(options.ApiVersion), options.ApiVersion)
            .NotEmpty(nameof(options.DirectoryFileType), options.DirectoryFileType)
            .That(options.NodeId is not "", nameof(options.NodeId), options.NodeId, OptionsCheck.TextRequired)
            .That(
                options.NodeId is null or "" || NodeIdentity.IsId(options.NodeId),
                nameof(options.NodeId),
                options.NodeId,
                "allowed are 1 to 128 characters out of A-Z a-z 0-9 . _ : @ -")
            .NoneEmpty(nameof(options.PublicDirectories), options.PublicDirectories)
            .NoneEmpty(nameof(options.StartingRooms), options.StartingRooms)
            .Between(nameof(options.SimultaneousActions), options.SimultaneousActions, 1, 1_000_000)
            .Between(nameof(options.ActionTimeout), options.ActionTimeout, TimeSpan.Zero, TimeSpan.FromDays(24))
            .Between(nameof(options.PendingShutdownWaitLimit), options.PendingShutdownWaitLimit, TimeSpan.Zero, TimeSpan.FromHours(1))
            .Between(nameof(options.MaxLogStringLength), options.MaxLogStringLength, 0, 1_000_000)
            .Between(nameof(options.MaxLogArrayLength), options.MaxLogArrayLength, 0, 1_000_000)
            .Between(nameof(options.MaxLogParamsLength), options.MaxLogParamsLength, 100, 16 * 1024 * 1024)
            .Between(nameof(options.MaxRoomsPerConnection), options.MaxRoomsPerConnection, 1, 1_000_000)
            .Between(nameof(options.MaxRoomNameLength), options.MaxRoomNameLength, 1, 1_000_000)
            .Between(nameof(options.MaxRooms), options.MaxRooms, 1, int.MaxValue)
            .That(
                options.StartingRooms.All(room => room is null || room.Length <= options.MaxRoomNameLength), nameof(options.StartingRooms),
                options.StartingRooms.FirstOrDefault(room => room?.Length > options.MaxRoomNameLength), "a name is longer than MaxRoomNameLength")
            .That(
                options.StartingRooms.Count <= options.MaxRooms, nameof(options.StartingRooms), options.StartingRooms.Count, "there are more than MaxRooms")
            .Between(nameof(options.MaxQueueLength), options.MaxQueueLength, 1024, int.MaxValue)
            .Between(nameof(options.MaxQueueMessages), options.MaxQueueMessages, 1, int.MaxValue)
            .Between(nameof(options.MaxStickyLength), options.MaxStickyLength, 1024, int.MaxValue)
            .Between(nameof(options.MaxBufferedInput), options.MaxBufferedInput ?? 64 * 1024, 64 * 1024, long.MaxValue / 2)
            .That(
                options.MessageTimeout == TimeSpan.Zero || (options.MessageTimeout >= TimeSpan.FromMilliseconds(10) && options.MessageTimeout <= TimeSpan.FromHours(24)),
                nameof(options.MessageTimeout), options.MessageTimeout, "allowed is 00:00:00.0100000 to 1.00:00:00, or zero for ever")
            .Between(nameof(options.MinMessageRate), options.MinMessageRate, 0, 1024 * 1024 * 1024)
            .That((options.MissingChecks & ~MissingChecks.All) == 0, nameof(options.MissingChecks), options.MissingChecks, "allowed are None, Null, Empty and All")
            .Result;
}
