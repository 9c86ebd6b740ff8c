using System.Security.Claims;
using System.Threading;
using System.Threading.Tasks;
using Polywire;

public interface IAuditLog
{
    Task WriteAsync(string action, ClaimsPrincipal user, ActionStatus outcome);
}

public interface IKeys
{
    Task<string?> FindAsync(string? key, CancellationToken cancellationToken);
}

public interface IErrorService
{
    void Enqueue(Exception exception, ExceptionSource source, string name, string? traceId);
}
