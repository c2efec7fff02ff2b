using System.Runtime.InteropServices;

// Functions of the system only: nothing is looked for beside the program.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
