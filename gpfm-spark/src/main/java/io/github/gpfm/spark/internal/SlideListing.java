package io.github.gpfm.spark.internal;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.slideio.SlideExtensions;
import io.github.gpfm.slideio.SlideFolders;
import io.github.gpfm.spark.rows.SlideRow;
import io.github.gpfm.tiling.format.SlideName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/** Finds slides by paths. */
public final class SlideListing {
  private final HadoopFiles files;

  /** Of this machine and of Hadoop file systems. */
  public SlideListing(HadoopFiles files) {
    this.files = files;
  }

  /**
   * The slides of paths: a folder of slides stands for those in it, one of DICOM files for one
   * slide; of a Hadoop file system a pattern for what it matches. There DICOM files are known by
   * their extension.
   *
   * @throws InvalidOptionException if a path holds none, or is a DICOM file of a Hadoop file system
   *     without its series
   */
  public List<SlideRow> rows(List<String> paths) {
    List<SlideRow> rows = new ArrayList<>();
    for (String path : paths) {
      if (HadoopFiles.isLocal(path)) {
        Path local = HadoopFiles.local(path).toAbsolutePath().normalize();
        for (Path slide : SlideFolders.DEFAULT.expand(List.of(local))) {
          rows.add(row(slide.toString(), slide));
        }
      } else {
        List<String> found = remote(path);
        if (found.isEmpty()) {
          throw new InvalidOptionException("There is no slide at " + path + ".");
        }
        found.forEach(slide -> rows.add(row(slide, Path.of(HadoopFiles.fileName(slide)))));
      }
    }
    return rows;
  }

  private SlideRow row(String path, Path named) {
    HadoopFiles.Content content =
        HadoopFiles.isLocal(path) ? files.content(Path.of(path)) : files.content(path);
    SlideRow row = new SlideRow();
    row.setPath(path);
    row.setName(SlideName.of(named));
    row.setBytes(content.bytes());
    row.setModified(content.modified());
    return row;
  }

  private List<String> remote(String path) {
    try {
      FileSystem system = files.system(path);
      FileStatus[] matched = system.globStatus(new org.apache.hadoop.fs.Path(path));
      List<String> found = new ArrayList<>();
      for (FileStatus status : matched == null ? new FileStatus[0] : matched) {
        if (status.isDirectory()) {
          addFolder(system, status, found);
        } else if (isDicom(status)) {
          throw new InvalidOptionException(
              "%s is one file of a DICOM series, which is copied as a whole: name its folder %s."
                  .formatted(status.getPath(), status.getPath().getParent()));
        } else {
          found.add(status.getPath().toString());
        }
      }
      found.sort(null);
      return found;
    } catch (IOException e) {
      throw HadoopFiles.unreadable(path, e);
    }
  }

  /** The folder itself if it holds DICOM files, the slides and DICOM folders in it otherwise. */
  private static void addFolder(FileSystem system, FileStatus folder, List<String> found)
      throws IOException {
    List<FileStatus> entries = List.of(system.listStatus(folder.getPath()));
    boolean dicom = entries.stream().anyMatch(SlideListing::isDicom);
    if (dicom) {
      found.add(folder.getPath().toString());
    }
    for (FileStatus entry : entries) {
      if (isSlide(entry) && !isDicom(entry)) {
        found.add(entry.getPath().toString());
      } else if (!dicom
          && entry.isDirectory()
          && Arrays.stream(system.listStatus(entry.getPath())).anyMatch(SlideListing::isDicom)) {
        found.add(entry.getPath().toString());
      }
    }
  }

  private static boolean isSlide(FileStatus file) {
    String name = file.getPath().getName();
    return file.isFile() && !name.startsWith(".") && SlideExtensions.isSlideOrPicture(name);
  }

  private static boolean isDicom(FileStatus file) {
    return isSlide(file)
        && Set.of("dcm", "dicom").contains(SlideExtensions.of(file.getPath().getName()));
  }
}
