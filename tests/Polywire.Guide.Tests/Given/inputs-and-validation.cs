public sealed record Address(string Street, string? City = null);
