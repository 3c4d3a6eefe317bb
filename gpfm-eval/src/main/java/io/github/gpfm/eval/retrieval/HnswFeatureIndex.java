package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Lucene's HNSW graph in memory. */
final class HnswFeatureIndex extends CandidateIndex {
  // Lucene's default codec takes no longer vectors; longer ones need the exact index or a PCA.
  private static final int MAX_DIMENSION = 1024;
  // The graph is searched for more than asked: recall rises, and exact distances sort the rest.
  private static final int WIDER = 4;
  private static final int LEAST = 64;

  private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  HnswFeatureIndex(List<String> ids, Matrix features) {
    super(ids, features);
    if (features.columns() > MAX_DIMENSION || features.rows() == 0) {
      throw new EvaluationException(
          "the approximate index takes at least one feature of at most "
              + MAX_DIMENSION
              + " dimensions, not "
              + features.rows()
              + " of "
              + features.columns()
              + "; use the exact index or reduce the dimension by PCA");
    }
    try {
      try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
        for (int r = 0; r < features.rows(); r++) {
          Document document = new Document();
          document.add(
              new KnnFloatVectorField("v", features.row(r), VectorSimilarityFunction.EUCLIDEAN));
          document.add(new StoredField("row", r));
          writer.addDocument(document);
        }
        writer.forceMerge(1);
      }
      this.reader = DirectoryReader.open(directory);
      this.searcher = new IndexSearcher(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  IntStream candidates(float[] query, int k) {
    int wide = Math.min(size(), Math.max(LEAST, WIDER * k));
    try {
      TopDocs found = searcher.search(new KnnFloatVectorQuery("v", query, wide), wide);
      int[] rows = new int[found.scoreDocs.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = row(found.scoreDocs[i]);
      }
      return Arrays.stream(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int row(ScoreDoc hit) throws IOException {
    return searcher.storedFields().document(hit.doc).getField("row").numericValue().intValue();
  }

  @Override
  public void close() {
    try {
      reader.close();
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
